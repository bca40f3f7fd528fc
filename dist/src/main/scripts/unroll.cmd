@echo off
rem The command line of Unroll: on the Java that it brings, or on that of JAVA_HOME if this archive was made for another system.
setlocal
set "home=%~dp0.."
if exist "%home%\runtime\bin\java.exe" (
  "%home%\runtime\bin\java.exe" "-XX:SharedArchiveFile=%home%\lib\unroll.jsa" %UNROLL_JAVA_OPTIONS% -cp "%home%\lib\unroll.jar" dev.unroll.cli.Main %*
) else (
  "%JAVA_HOME%\bin\java.exe" %UNROLL_JAVA_OPTIONS% -jar "%home%\lib\unroll.jar" %*
)
exit /b %errorlevel%

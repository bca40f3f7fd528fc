package dev.unroll.batch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Finds what other modules provide: by the class loader of Unroll, not by that of the thread, which
 * is another in servers and plug-ins, or none; and in its layer of modules, where each module may
 * have a class loader of its own.
 */
final class Services {

  private Services() {}

  /** Returns the providers of a service, one of each class. */
  static <T> List<T> of(Class<T> service) {
    var found = new LinkedHashMap<Class<?>, T>();
    ServiceLoader.load(service, service.getClassLoader())
        .forEach(each -> found.putIfAbsent(each.getClass(), each));
    ModuleLayer layer = service.getModule().getLayer();
    if (layer != null) {
      ServiceLoader.load(layer, service).forEach(each -> found.putIfAbsent(each.getClass(), each));
    }
    return List.copyOf(found.values());
  }
}

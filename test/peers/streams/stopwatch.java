import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time and processor time of this JVM from the first of many starts. */
final class Stopwatch {
  private final OperatingSystemMXBean machine =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private volatile boolean started = false;
  private long from;
  private long cpu;

  void start() {
    if (!started) startOnce();
  }

  private synchronized void startOnce() {
    if (started) return;
    cpu = machine.getProcessCpuTime();
    from = System.nanoTime();
    started = true;
  }

  /** `nanoseconds N cpu N`. */
  synchronized String stop() {
    long nanoseconds = System.nanoTime() - from;
    return "nanoseconds " + nanoseconds + " cpu " + (machine.getProcessCpuTime() - cpu);
  }
}

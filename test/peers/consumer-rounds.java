import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import org.apache.kafka.tools.ConsumerPerformance;

/**
 * Kafka's own ConsumerPerformance, once for every line of standard input (its arguments, separated by tabs), with the
 * CPU time that each took. All rounds run in one JVM, so that its start and its compiler weigh only on the first.
 */
class ConsumerRounds {
  public static void main(String[] none) throws Exception {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      long before = machine.getProcessCpuTime();
      ConsumerPerformance.main(line.split("\t"));
      System.out.println("cpu nanoseconds: " + (machine.getProcessCpuTime() - before));
    }
  }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;

/**
 * The windowed aggregation by Kafka Streams, once for every line of standard input, as a group of
 * its own: the line holds `key=value` separated by tabs. All rounds run in one JVM, so that its
 * start and its compiler weigh only on the first ones. A round is measured from the first record
 * that Streams hands on, to the commit of the last one or, with `until=processed`, to its
 * processing; start, restoring and shut-down are not counted.
 */
final class StreamsRounds {
  private StreamsRounds() {}

  public static void main(String[] none) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var options = new TreeMap<String, String>();
      for (var pair : line.split("\t")) {
        int at = pair.indexOf('=');
        options.put(pair.substring(0, at), pair.substring(at + 1));
      }
      System.out.println(round(options));
    }
  }

  private static String round(Map<String, String> options) throws Exception {
    var stopwatch = new Stopwatch();
    var seen = new LongAdder();
    var topology = new WindowTopology(
        options.get("topology"),
        options.get("store").equals("memory"),
        millis(options, "size"),
        millis(options, "grace"),
        millis(options, "retention"),
        (record, before) -> {
          stopwatch.start();
          seen.increment();
          return ((Reading) record.value()).at();
        });
    var built = topology.of(options.get("input"), options.get("output"));
    long records = Long.parseLong(options.get("records"));
    var group = options.get("group");
    try (var admin = Admin.create(Map.of("bootstrap.servers", (Object) options.get("bootstrap")));
        var streams = new KafkaStreams(built, properties(options))) {
      streams.setUncaughtExceptionHandler(error -> {
        error.printStackTrace();
        return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      });
      streams.start();
      while (seen.sum() < records) pause(streams);
      if (options.get("until").equals("committed")) {
        while (committed(admin, group) < records) pause(streams);
      }
      var measured = stopwatch.stop();
      streams.close();
      streams.cleanUp();
      var names = admin.listTopics().names().get().stream();
      var own = names.filter(name -> name.startsWith(group + "-")).toList();
      admin.deleteTopics(own).all().get();
      return measured;
    }
  }

  /** What helps it: large batches, fetches and buffers, a cache that holds every open window. */
  private static Properties properties(Map<String, String> options) {
    var properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, options.get("group"));
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("bootstrap"));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, options.get("folder"));
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.get("commitMs"));
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.get("threads"));
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, "1");
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "268435456");
    properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "10000");
    properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    properties.put(StreamsConfig.consumerPrefix("max.poll.records"), "10000");
    properties.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), "4194304");
    properties.put(StreamsConfig.producerPrefix("batch.size"), "524288");
    properties.put(StreamsConfig.producerPrefix("linger.ms"), "100");
    properties.put(StreamsConfig.producerPrefix("buffer.memory"), "134217728");
    return properties;
  }

  private static long committed(Admin admin, String group) throws Exception {
    var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return offsets.values().stream().mapToLong(offset -> offset.offset()).sum();
  }

  private static void pause(KafkaStreams streams) throws InterruptedException {
    if (streams.state().hasCompletedShutdown()) throw new IllegalStateException("Streams ended");
    Thread.sleep(10);
  }

  private static Duration millis(Map<String, String> options, String name) {
    return Duration.ofMillis(Long.parseLong(options.get(name)));
  }
}

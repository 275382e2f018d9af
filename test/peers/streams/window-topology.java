import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Two ways to write the aggregation with Kafka Streams, with the same windows and the same output
 * records: `updates` is the plain DSL, which emits at every commit what a window has become since
 * the last one, so that late readings revise it; `processor` the Processor API (ClosingWindows),
 * which emits when the aggregator does. The DSL's emission on window close has no revisions, so it
 * is not the same work (and was no faster). Both write changes through a cache, which spares them
 * most writes of a window that changes often.
 */
record WindowTopology(
    String kind,
    boolean inMemory,
    Duration size,
    Duration grace,
    Duration retention,
    TimestampExtractor time) {
  Topology of(String input, String output) {
    return kind.equals("processor") ? processor(input, output) : dsl(input, output);
  }

  private Topology dsl(String input, String output) {
    var builder = new StreamsBuilder();
    var type = inMemory ? Materialized.StoreType.IN_MEMORY : Materialized.StoreType.ROCKS_DB;
    builder
        .stream(input, Consumed.with(Serdes.Bytes(), Reading.serde()).withTimestampExtractor(time))
        .groupByKey(Grouped.with(Serdes.Bytes(), Reading.serde()))
        .windowedBy(TimeWindows.ofSizeAndGrace(size, retention))
        .aggregate(
            Totals::new,
            (device, reading, totals) -> totals.add(reading.temperature()),
            Materialized.<Bytes, Totals, WindowStore<Bytes, byte[]>>as("windows")
                .withStoreType(type)
                .withKeySerde(Serdes.Bytes())
                .withValueSerde(Totals.serde())
                .withRetention(size.plus(retention)))
        .toStream()
        .to(output, Produced.with(windowed(), Totals.serde()));
    return builder.build();
  }

  private Topology processor(String input, String output) {
    var kept = size.plus(retention);
    var supplier = inMemory
        ? Stores.inMemoryWindowStore("windows", kept, size, false)
        : Stores.persistentWindowStore("windows", kept, size, false);
    var store = Stores.windowStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray());
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            "readings",
            time,
            Serdes.Bytes().deserializer(),
            Reading.serde().deserializer(),
            input)
        .addProcessor("fold", () -> new ClosingWindows(size, grace, retention), "readings")
        .addStateStore(store.withCachingEnabled(), "fold")
        .addSink(
            "aggregates",
            output,
            windowed().serializer(),
            Serdes.ByteArray().serializer(),
            "fold");
  }

  private Serde<Windowed<Bytes>> windowed() {
    return new WindowedSerdes.TimeWindowedSerde<>(Serdes.Bytes(), size.toMillis());
  }
}

import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The aggregator's rules by hand: a window is emitted when stream time reaches its end + grace,
 * again with each reading that comes later, and takes nothing once its retention is over. A reading
 * that was counted before is not counted again, as far as a bitmap of 64 sequence numbers of the
 * window's first boot can tell.
 */
final class ClosingWindows implements Processor<Bytes, Reading, Windowed<Bytes>, byte[]> {
  /** Behind the totals: boot, first sequence number of the bitmap, bitmap. */
  private static final int BOOT = Totals.BYTES;
  private static final int BASE = BOOT + 4;
  private static final int BITS = BASE + 4;
  private static final int SPAN = 64;
  private static final int BYTES = BITS + SPAN / 8;

  private final long size;
  private final long grace;
  private final long retention;
  private ProcessorContext<Windowed<Bytes>, byte[]> context;
  private WindowStore<Bytes, byte[]> windows;
  /** End of the earliest window that was not emitted yet; none is below it. */
  private long nextClose = Long.MAX_VALUE;

  ClosingWindows(Duration size, Duration grace, Duration retention) {
    this.size = size.toMillis();
    this.grace = grace.toMillis();
    this.retention = retention.toMillis();
  }

  @Override
  public void init(ProcessorContext<Windowed<Bytes>, byte[]> context) {
    this.context = context;
    this.windows = context.getStateStore("windows");
  }

  @Override
  public void process(Record<Bytes, Reading> record) {
    var reading = record.value();
    long start = Math.floorDiv(reading.at(), size) * size;
    long now = context.currentStreamTimeMs();
    if (now >= start + size + retention) return;
    var window = windows.fetch(record.key(), start);
    if (window == null) window = opened(reading);
    if (!mark(window, reading)) return;
    Totals.read(window).add(reading.temperature()).write(window);
    windows.put(record.key(), window, start);
    if (now >= start + size + grace) emit(record.key(), start, window, record.timestamp());
    else nextClose = Math.min(nextClose, start + size);
    if (now >= nextClose + grace) close(now, record.timestamp());
  }

  private static byte[] opened(Reading reading) {
    var window = new byte[BYTES];
    new Totals().write(window);
    put(window, BOOT, reading.boot());
    put(window, BASE, reading.seq() - SPAN / 2);
    return window;
  }

  /** False: it was there before. */
  private static boolean mark(byte[] window, Reading reading) {
    int bit = reading.seq() - get(window, BASE);
    if (reading.boot() != get(window, BOOT) || bit < 0 || bit >= SPAN) return true;
    int mask = 1 << (bit & 7);
    if ((window[BITS + (bit >> 3)] & mask) != 0) return false;
    window[BITS + (bit >> 3)] |= (byte) mask;
    return true;
  }

  /** The windows of one end after the other; the last reading may have jumped over some. */
  private void close(long now, long timestamp) {
    for (; nextClose + grace <= now; nextClose += size) {
      long start = nextClose - size;
      try (var all = windows.fetchAll(start, start)) {
        all.forEachRemaining(each -> emit(each.key.key(), start, each.value, timestamp));
      }
    }
  }

  private void emit(Bytes device, long start, byte[] window, long timestamp) {
    var key = new Windowed<>(device, new TimeWindow(start, start + size));
    context.forward(new Record<>(key, Arrays.copyOf(window, Totals.BYTES), timestamp));
  }

  private static int get(byte[] bytes, int at) {
    return (int) Totals.INT.get(bytes, at);
  }

  private static void put(byte[] bytes, int at, int value) {
    Totals.INT.set(bytes, at, value);
  }
}

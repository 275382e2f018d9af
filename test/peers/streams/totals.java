import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Count, least, most and sum of a window as the twenty bytes that go into the store and into the
 * output topic.
 */
final class Totals {
  static final int BYTES = 20;
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private int count = 0;
  private int min = Integer.MAX_VALUE;
  private int max = Integer.MIN_VALUE;
  private long sum = 0;

  /** Changes this one: the store keeps bytes, so nobody else holds it. */
  Totals add(int temperature) {
    count++;
    min = Math.min(min, temperature);
    max = Math.max(max, temperature);
    sum += temperature;
    return this;
  }

  void write(byte[] bytes) {
    INT.set(bytes, 0, count);
    INT.set(bytes, 4, min);
    INT.set(bytes, 8, max);
    LONG.set(bytes, 12, sum);
  }

  static Totals read(byte[] bytes) {
    var totals = new Totals();
    totals.count = (int) INT.get(bytes, 0);
    totals.min = (int) INT.get(bytes, 4);
    totals.max = (int) INT.get(bytes, 8);
    totals.sum = (long) LONG.get(bytes, 12);
    return totals;
  }

  static Serde<Totals> serde() {
    return Serdes.serdeFrom((topic, totals) -> {
      if (totals == null) return null;
      var bytes = new byte[BYTES];
      totals.write(bytes);
      return bytes;
    }, (topic, bytes) -> bytes == null ? null : read(bytes));
  }
}

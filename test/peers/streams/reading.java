import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * What the aggregation needs of a reading, read by hand out of its Avro bytes: no library, no text,
 * no home, no model, and what is not needed is not looked at.
 */
record Reading(int boot, int seq, long at, int temperature) {
  private static final int HEADER = 10;

  static Serde<Reading> serde() {
    return Serdes.serdeFrom((topic, never) -> {
      throw new SerializationException("readings are only read");
    }, deserializer());
  }

  private static Deserializer<Reading> deserializer() {
    return (topic, bytes) -> bytes == null ? null : new Cursor(bytes).reading();
  }

  private static final class Cursor {
    private final byte[] bytes;
    private int position = HEADER;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    Reading reading() {
      skipText(); // device id: it is the key
      skipText(); // home
      zigzag(); // model
      int boot = (int) zigzag();
      int seq = (int) zigzag();
      long at = zigzag();
      return new Reading(boot, seq, at, (int) zigzag());
    }

    private void skipText() {
      int length = (int) zigzag();
      position += length;
    }

    private long zigzag() {
      long value = 0;
      for (int shift = 0;; shift += 7) {
        byte next = bytes[position++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) return (value >>> 1) ^ -(value & 1);
      }
    }
  }
}

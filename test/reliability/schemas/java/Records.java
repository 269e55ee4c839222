import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Writes and reads records of Avro, for cases on standard input. Each has the data of a message, or the bytes of a record. */
final class Records {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Objects become JSON text; what the data has not is the default of its field. */
  private static Object valueOf(JsonNode value, Schema.Field field) {
    if (value == null) return GenericData.get().getDefaultValue(field);
    if (value.isNull()) return null;
    if (value.isObject()) return value.toString();
    if (value.isNumber()) return value.asLong();
    if (!value.isArray()) return value.asText();
    List<String> items = new ArrayList<>();
    value.forEach(item -> items.add(item.asText()));
    return items;
  }

  private static byte[] write(JsonNode data, Schema schema) throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.name(), valueOf(data.get(field.name()), field));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  public static void main(String[] arguments) throws IOException {
    ArrayNode results = JSON.createArrayNode();
    for (JsonNode each : JSON.readTree(System.in)) {
      Schema writer = new Schema.Parser().parse(each.get("writer").toString());
      Schema reader = new Schema.Parser().parse(each.get("reader").toString());
      byte[] bytes =
          each.has("data")
              ? write(each.get("data"), writer)
              : Base64.getDecoder().decode(each.get("bytes").asText());
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(writer, reader)
              .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
      results
          .addObject()
          .put("bytes", Base64.getEncoder().encodeToString(bytes))
          .set("record", JSON.readTree(record.toString()));
    }
    // In UTF-8, whatever the machine's own encoding is.
    JSON.writeValue(System.out, results);
  }
}

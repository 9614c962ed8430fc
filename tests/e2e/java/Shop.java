import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import redis.clients.jedis.Jedis;

/** A handler as tracers see many: a statement, an HTTP call and a Redis command. It does nothing for its tracer. */
public class Shop implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Connection rows;

  public Shop() throws SQLException {
    rows = DriverManager.getConnection("jdbc:h2:mem:shop");
    try (Statement statement = rows.createStatement()) {
      statement.execute("CREATE TABLE orders (card VARCHAR)");
    }
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    final Object card = event.get("card");
    if (card == null) throw new IllegalStateException("no such order");
    try {
      pay(card.toString());
    } catch (SQLException | IOException error) {
      throw new IllegalStateException(error);
    }
    return Map.of("statusCode", 201);
  }

  private void pay(String card) throws SQLException, IOException {
    try (Statement statement = rows.createStatement()) {
      statement.executeQuery("SELECT * FROM orders WHERE card = '" + card + "' LIMIT 5").close();
    }
    final URI web = URI.create("http://127.0.0.1:" + System.getenv("SHOP_WEB") + "/pay?card=" + card);
    final HttpURLConnection call = (HttpURLConnection) web.toURL().openConnection();
    call.getInputStream().readAllBytes();
    try (Jedis store = new Jedis("127.0.0.1", Integer.parseInt(System.getenv("SHOP_STORE")))) {
      store.set("last", card);
    }
  }
}

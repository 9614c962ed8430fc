"""A web handler as tracers see many: a statement, an HTTP call and a Redis command, these two to the test's fakes."""
import http.client
import os
import sqlite3

os.environ.setdefault("DD_TRACE_AGENT_URL", f"http://{os.environ['DD_BIND_HOST']}:8126")
os.environ["DD_TRACE_API_VERSION"] = "v0.4"
os.environ["DD_INSTRUMENTATION_TELEMETRY_ENABLED"] = os.environ["DD_REMOTE_CONFIGURATION_ENABLED"] = "false"
# A tracer that takes itself for one of a layer without an extension prints its traces instead of sending them.
function_name = os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")
import ddtrace  # noqa: E402
import redis  # noqa: E402

os.environ["AWS_LAMBDA_FUNCTION_NAME"] = function_name
ddtrace.patch(sqlite3=True, redis=True, httplib=True)

web, store = int(os.environ["SHOP_WEB"]), int(os.environ["SHOP_STORE"])
rows = sqlite3.connect(":memory:", check_same_thread=False)
rows.execute("CREATE TABLE orders (card TEXT)")


def pay(card):
    with ddtrace.tracer.trace("web.request", service="orders", resource="GET /pay", span_type="web") as span:
        span.set_tag("card", card)
        span.set_tag("note", "secret of " + card[-4:])
        rows.execute(f"SELECT * FROM orders WHERE card = '{card}' LIMIT 5").fetchall()
        connection = http.client.HTTPConnection("127.0.0.1", web)
        connection.request("GET", "/pay?card=" + card)
        connection.getresponse().read()
        redis.Redis(port=store, protocol=2).set("last", card)


def health():
    with ddtrace.tracer.trace("web.request", service="orders", resource="GET /health", span_type="web"):
        rows.execute("SELECT 1").fetchall()


def handler(event, context):
    if "card" in event:
        pay(event["card"])
    else:
        health()
    ddtrace.tracer.flush()
    return {"statusCode": 200}

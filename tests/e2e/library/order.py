"""An ordinary handler; the library for Lambda wraps it."""
import http.client
import os


def handler(event, context):
    if "card" not in event:
        raise TypeError("no such order")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["SHOP_WEB"]))
    connection.request("GET", "/pay?card=" + event["card"])
    connection.getresponse().read()
    return {"statusCode": 201}

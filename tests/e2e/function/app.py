"""An ordinary function: prints, logs, fails when asked to."""
import logging


def handler(event, context):
    print(f"order {event['n']} paid with api_key=0123456789abcdef0123456789ab")
    logging.getLogger().warning("stock is low for order %s", event["n"])
    if event.get("fail"):
        raise ValueError("no such order")
    return {"statusCode": 200, "request": context.aws_request_id}

// A handler as tracers see many, run by Lambda's own library for Go: a statement, an HTTP call and a Redis command.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"

	httptrace "github.com/DataDog/dd-trace-go/contrib/net/http/v2"
	"github.com/DataDog/dd-trace-go/v2/ddtrace/ext"
	"github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
	"github.com/aws/aws-lambda-go/lambda"
)

var errNoOrder = errors.New("no such order")

func pay(ctx context.Context, card string) error {
	query := "SELECT * FROM orders WHERE card = '" + card + "' LIMIT 5"
	sql, _ := tracer.StartSpanFromContext(ctx, "postgres.query", tracer.SpanType(ext.SpanTypeSQL),
		tracer.ResourceName(query), tracer.Tag(ext.DBSystem, "postgresql"))
	sql.Finish()

	request, err := http.NewRequestWithContext(ctx, "GET", "http://127.0.0.1:"+os.Getenv("SHOP_WEB")+"/pay?card="+card, nil)
	if err != nil {
		return err
	}
	answer, err := httptrace.WrapClient(&http.Client{}).Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()

	redis, _ := tracer.StartSpanFromContext(ctx, "redis.command", tracer.SpanType(ext.SpanTypeRedis),
		tracer.ResourceName("SET last "+card), tracer.Tag(ext.RedisRawCommand, "SET last "+card))
	redis.Finish()
	return nil
}

func handle(ctx context.Context, event json.RawMessage) (any, error) {
	var order struct{ Card string }
	if err := json.Unmarshal(event, &order); err != nil {
		return nil, err
	}
	if order.Card == "" {
		return nil, errNoOrder
	}
	return map[string]any{"statusCode": 201}, pay(ctx, order.Card)
}

func main() {
	if err := tracer.Start(tracer.WithLambdaMode(false), tracer.WithLogStartup(false)); err != nil {
		panic(err)
	}
	lambda.Start(traced(handle))
}

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/DataDog/dd-trace-go/v2/ddtrace/ext"
	"github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type handler func(context.Context, json.RawMessage) (any, error)

// traced tells the agent when the handler starts and ends, and opens the placeholder for the invocation's span, as a
// library for Lambda does; the tracer alone does not.
func traced(inner handler) handler {
	return func(ctx context.Context, event json.RawMessage) (any, error) {
		id := "-"
		if invocation, ok := lambdacontext.FromContext(ctx); ok {
			id = invocation.AwsRequestID
		}
		options := []tracer.StartSpanOption{tracer.ResourceName("dd-tracer-serverless-span"), tracer.SpanType("serverless"),
			tracer.Tag("request_id", id)}
		if parent, err := tracer.Extract(tracer.HTTPHeadersCarrier(tell("start", id, event, nil))); err == nil {
			options = append(options, tracer.ChildOf(parent))
		}
		span, ctx := tracer.StartSpanFromContext(ctx, "aws.lambda", options...)
		response, failed := inner(ctx, event)
		headers := http.Header{}
		headers.Set("x-datadog-trace-id", strconv.FormatUint(span.Context().TraceIDLower(), 10))
		headers.Set("x-datadog-span-id", strconv.FormatUint(span.Context().SpanID(), 10))
		if priority, ok := span.Context().SamplingPriority(); ok {
			headers.Set("x-datadog-sampling-priority", strconv.Itoa(priority))
		}
		if failed != nil {
			headers.Set("x-datadog-invocation-error", "true")
			headers.Set("x-datadog-invocation-error-msg", failed.Error())
			headers.Set("x-datadog-invocation-error-type", fmt.Sprintf("%T", failed))
			headers.Set("x-datadog-invocation-error-stack", base64.StdEncoding.EncodeToString(debug.Stack()))
			span.SetTag(ext.Error, failed)
		}
		span.Finish()
		tracer.Flush()
		body, _ := json.Marshal(response)
		tell("end", id, body, headers)
		return response, failed
	}
}

// tell gives the headers of the agent's answer.
func tell(which, id string, body []byte, headers http.Header) http.Header {
	request, err := http.NewRequest("POST", "http://127.0.0.1:8124/lambda/"+which+"-invocation", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	for name, values := range headers {
		request.Header[name] = values
	}
	request.Header.Set("lambda-runtime-aws-request-id", id)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		panic(err)
	}
	return answer.Header
}

// A loop that speaks the Runtime API, since the runtime client for Node.js is a program to be built. It runs the
// handler of the library for Lambda (datadog-lambda-js), which loads the one that DD_LAMBDA_HANDLER names.
import { createRequire } from 'module'
import http from 'http'

const library = createRequire(import.meta.url).resolve('datadog-lambda-js')
const { handler } = await import(library.replace(/index\.js$/, 'handler.mjs'))
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')

function runtime (method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { host, port, method, path: '/2018-06-01/runtime/invocation/' + path, agent: false }
    const request = http.request(options, answer => {
      let text = ''
      answer.on('data', part => { text += part })
      answer.on('end', () => resolve({ text, headers: answer.headers }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

for (;;) {
  const next = await runtime('GET', 'next')
  const id = next.headers['lambda-runtime-aws-request-id']
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: next.headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: '128',
    getRemainingTimeInMillis: () => Number(next.headers['lambda-runtime-deadline-ms']) - Date.now()
  }
  try {
    await runtime('POST', id + '/response', JSON.stringify(await handler(JSON.parse(next.text), context)))
  } catch (error) {
    await runtime('POST', id + '/error', JSON.stringify({ errorType: error.name, errorMessage: error.message }))
  }
}

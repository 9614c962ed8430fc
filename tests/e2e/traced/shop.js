// The web handler of shop.py for the ordinary tracer of Node.js, with a loop that speaks the Runtime API, since the
// runtime client for Node.js is a program to be built. The tracer sees that loop, too.
'use strict'

// A tracer that takes itself for one of a layer without an extension prints its traces instead of sending them.
const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME
delete process.env.AWS_LAMBDA_FUNCTION_NAME
const tracer = require('dd-trace').init({
  hostname: process.env.DD_BIND_HOST,
  port: 8126,
  startupLogs: false,
  telemetry: { enabled: false },
  remoteConfig: { enabled: false }
})
process.env.AWS_LAMBDA_FUNCTION_NAME = functionName
const http = require('http')
const { Client } = require('pg')
const Redis = require('ioredis')

// The servers that it calls are the test's.
const { SHOP_DATABASE, SHOP_STORE, SHOP_WEB } = process.env

function call (options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', agent: false, ...options }, response => {
      let text = ''
      response.on('data', part => { text += part })
      response.on('end', () => resolve({ text, headers: response.headers }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function pay (card) {
  const options = { service: 'orders', resource: 'GET /pay', type: 'web', tags: { card, note: 'secret of ' + card.slice(-4) } }
  await tracer.trace('web.request', options, async () => {
    const client = new Client({ host: '127.0.0.1', port: SHOP_DATABASE, user: 'u', database: 'd' })
    await client.connect()
    await client.query(`SELECT * FROM orders WHERE card = '${card}' LIMIT 5`)
    await client.end()
    await call({ port: SHOP_WEB, path: '/pay?card=' + card })
    const redis = new Redis(SHOP_STORE, '127.0.0.1', { enableReadyCheck: false })
    await redis.set('last', card)
    redis.disconnect()
  })
}

async function main () {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
  const runtime = (method, path, body) => call({ host, port, method, path: '/2018-06-01/runtime/invocation/' + path }, body)
  for (;;) {
    const next = await runtime('GET', 'next')
    const event = JSON.parse(next.text)
    if (event.card) await pay(event.card)
    await new Promise(resolve => tracer._tracer._exporter.flush(resolve))
    await runtime('POST', next.headers['lambda-runtime-aws-request-id'] + '/response', '{"statusCode":200}')
  }
}

main()

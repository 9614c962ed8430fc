// The web handler of shop.py for the ordinary tracer of Node.js, with a loop that speaks the Runtime API, since the
// runtime client for Node.js is a program to be built. The tracer sees that loop, too.
'use strict'

const net = require('net')

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

// Answers what arrives on each connection; gives its port.
function fake (answer) {
  return new Promise(resolve => {
    const server = net.createServer(socket => {
      socket.on('error', () => {})
      socket.on('data', bytes => socket.write(answer(bytes, socket)))
    })
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}

const message = (type, content) => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(4 + content.length)
  return Buffer.concat([Buffer.from(type), size, content])
}
const ready = message('Z', Buffer.from('I'))
function database (bytes) {
  if (bytes[0] === 0) return Buffer.concat([message('R', Buffer.alloc(4)), ready])
  return bytes.toString('latin1', 0, 1) === 'Q' ? Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready]) : ''
}
const store = bytes => '+OK\r\n'.repeat((bytes.toString().match(/(^|\n)\*\d/g) || [1]).length)
const web = () => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

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

async function pay (ports, card) {
  const options = { service: 'orders', resource: 'GET /pay', type: 'web', tags: { card, note: 'secret of ' + card.slice(-4) } }
  await tracer.trace('web.request', options, async () => {
    const client = new Client({ host: '127.0.0.1', port: ports.database, user: 'u', database: 'd' })
    await client.connect()
    await client.query(`SELECT * FROM orders WHERE card = '${card}' LIMIT 5`)
    await client.end()
    await call({ port: ports.web, path: '/pay?card=' + card })
    const redis = new Redis(ports.store, '127.0.0.1', { enableReadyCheck: false })
    await redis.set('last', card)
    redis.disconnect()
  })
}

async function main () {
  const ports = { database: await fake(database), store: await fake(store), web: await fake(web) }
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':')
  const runtime = (method, path, body) => call({ host, port, method, path: '/2018-06-01/runtime/invocation/' + path }, body)
  for (;;) {
    const next = await runtime('GET', 'next')
    const event = JSON.parse(next.text)
    if (event.card) await pay(ports, event.card)
    await new Promise(resolve => tracer._tracer._exporter.flush(resolve))
    await runtime('POST', next.headers['lambda-runtime-aws-request-id'] + '/response', '{"statusCode":200}')
  }
}

main()

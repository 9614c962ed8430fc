// An ordinary handler; the library for Lambda wraps it.
'use strict'

exports.handler = async event => {
  if (!event.card) throw new TypeError('no such order')
  await fetch(`http://127.0.0.1:${process.env.SHOP_WEB}/pay?card=${event.card}`)
  return { statusCode: 201 }
}

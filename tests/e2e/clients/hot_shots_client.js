// Sends one of everything with the client of the npm package `hot-shots`, unchanged.
//
//   node hot_shots_client.js HOST PORT
const StatsD = require('hot-shots');

const client = new StatsD({
  host: process.argv[2],
  port: Number(process.argv[3]),
  maxBufferSize: 1400,
  globalTags: { way: 'udp' },
  errorHandler: (error) => {
    console.error(error);
    process.exitCode = 1;
  },
});
client.increment('js.count', 3);
client.decrement('js.count');
client.increment('js.sampled', 1, 0.999999);
client.gauge('js.gauge', 2.5);
client.histogram('js.histogram', 7);
client.timing('js.timing', 12);
client.set('js.set', 'ann');
client.set('js.set', 'bob');
for (let value = 1; value <= 100; ++value) client.distribution('js.distribution', value);
client.event('deployed', 'line one\nline two', { alert_type: 'success' });
client.check('js.check', client.CHECKS.WARNING, { message: 'slow' });
client.close(() => {});

/** Run as its own process: takes rows in, prints each answered mutation, and never ends by itself. */
import { bodyOf, createStudioDoc } from './studio-doc.ts';

const [file = ':memory:', profile = 'instant'] = process.argv.slice(2);
const studio = createStudioDoc({ file, profile: profile === 'strict' ? 'strict' : 'instant' });

const isFlooding = process.argv[4] === 'flood';
for (let place = 0; isFlooding || place < 3; place += 1) {
  const answer = await studio.insert('projects', [{ name: `p${place}` }]);
  process.stdout.write(`${String(bodyOf(answer)['requestId'])}\n`);
}
setInterval(() => undefined, 1_000);

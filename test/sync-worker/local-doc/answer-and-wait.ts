/** Run as its own process: takes rows in, prints each answered mutation, and never ends by itself. */
import { bodyOf, createStudioDoc } from './studio-doc.ts';

const [file = ':memory:', profile = 'instant'] = process.argv.slice(2);
const studio = createStudioDoc({ file, profile: profile === 'strict' ? 'strict' : 'instant' });

const rows = process.argv[4] === 'flood' ? 1_000_000 : 3;

for (let place = 0; place < rows; place += 1) {
  const answer = await studio.insert('projects', [{ name: `p${place}` }]);
  process.stdout.write(`${String(bodyOf(answer)['requestId'])}\n`);
}
setInterval(() => undefined, 1_000);

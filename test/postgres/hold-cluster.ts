import { createCluster } from './cluster.ts';

/** A process that starts a cluster, says where and as whom, and holds it until it is killed. */
const { folder, runsAs } = await createCluster();
process.stdout.write(`${JSON.stringify({ folder, runsAs })}\n`);

import { onTestFinished } from 'vitest';
import { type MigrateScene, openMigrateScene } from './migrate-scene.ts';

/** A scene that is closed when its test is over. */
export async function createMigrateScene(
  ...given: Parameters<typeof openMigrateScene>
): Promise<MigrateScene> {
  const scene = await openMigrateScene(...given);
  onTestFinished(scene.close);
  return scene;
}

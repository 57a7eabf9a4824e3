// The person's models: named, copied, thrown away, brought in; and what may not happen to those that came with the product.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelMethods } from '../../../app/contract/models';
import type { RunStatus } from '../../../app/contract/runs';
import { KeptModels } from '../../../engine/library/keptModels';
import { readModel } from '../../../engine/library/modelFiles';
import { temporaryFolder } from '../temporary';
import { writeTinyAssets } from '../tinyModel';

const DAY_MS = 86_400_000;

async function shelf() {
  const folder = await temporaryFolder();
  await writeTinyAssets(join(folder, 'assets'));
  const [bundled, own] = [join(folder, 'assets', 'models'), join(folder, 'own')];
  let now = new Date('2026-06-01T00:00:00Z');
  const heard = { changes: 0, gone: [] as string[] };
  let runs: RunStatus[] = [];
  const open = () =>
    KeptModels.open({
      ...{ bundled, own, runs: { all: () => Promise.resolve(runs) }, now: () => now },
      onChanged: () => heard.changes++,
      onGone: (id) => heard.gone.push(id),
    });
  const kept = await open();
  return {
    ...{ kept, open, own, bundled, heard },
    later: (days: number) => (now = new Date(now.getTime() + days * DAY_MS)),
    made: (modelId: string) => (runs = [{ id: 'run-1', name: 'Evening', modelId } as RunStatus]),
  };
}
const idsOf = (models: readonly { readonly id: string }[]): string[] => models.map(({ id }) => id);

describe('the models that are kept', () => {
  it('are told with their size, kind, layers and the run that made them, the bundled ones first', async () => {
    const { kept, made, own } = await shelf();
    const id = await kept.duplicate('tiny-whole', 'Mine');
    await fs.writeFile(join(own, id, 'lm.arpa'), 'a language');
    made(id);
    const reply = modelMethods['models.kept'].reply.parse(await kept.all());
    expect(reply.models).toMatchObject([
      { id: 'tiny-live', kind: 'text', isBundled: true, isStreaming: true, hasLanguage: false, run: null },
      { id: 'tiny-whole', isBundled: true, isStreaming: false },
      {
        id,
        name: { en: 'Mine', zh: 'Mine' },
        isBundled: false,
        hasLanguage: true,
        run: { id: 'run-1', name: 'Evening' },
      },
    ]);
    const [live] = reply.models;
    expect(live).toMatchObject({ classes: 5, layers: [{ cell: 'lstm', units: 12, direction: 'forward' }] });
    expect(live!.byteLength).toBeGreaterThan(3_000);
    expect(reply).toMatchObject({ deleted: [], refused: [] });
  });

  it('that cannot be used are told with what is wrong', async () => {
    const { kept, own } = await shelf();
    await fs.mkdir(join(own, 'broken'), { recursive: true });
    await fs.writeFile(join(own, 'broken', 'model.json'), '{');
    expect((await kept.all()).refused).toMatchObject([{ folder: 'broken', error: { code: 'model.invalid' } }]);
  });

  it('get another name, and a copy answers as its original does', async () => {
    const { kept, bundled, own, heard } = await shelf();
    const id = await kept.duplicate('tiny-live', 'Copy');
    await kept.rename(id, 'Kitchen');
    const [original, copy] = await Promise.all([readModel(join(bundled, 'tiny-live')), readModel(join(own, id))]);
    expect(copy.manifest).toEqual({ ...original.manifest, id, name: { en: 'Kitchen', zh: 'Kitchen' } });
    expect(copy.parameters).toEqual(original.parameters);
    expect(heard.changes).toBe(2);
  });

  it('say who made them, or no longer; what they learned stays', async () => {
    const { kept, own } = await shelf();
    const id = await kept.duplicate('tiny-live', 'Copy');
    const before = await readModel(join(own, id));
    await kept.sign(id, 'Ana');
    const signed = await readModel(join(own, id));
    expect(signed.manifest.card.author).toBe('Ana');
    expect(signed.parameters).toEqual(before.parameters);
    await kept.sign(id, '');
    expect((await readModel(join(own, id))).manifest).toEqual(before.manifest);
    await expect(kept.sign('tiny-live', 'Ana')).rejects.toMatchObject({ code: 'model.bundled' });
  });

  it('that came with the product are neither renamed nor deleted', async () => {
    const { kept, heard } = await shelf();
    await expect(kept.rename('tiny-live', 'Mine')).rejects.toMatchObject({ code: 'model.bundled' });
    await expect(kept.delete('tiny-live')).rejects.toMatchObject({ code: 'model.bundled' });
    await expect(kept.delete('nobody')).rejects.toMatchObject({ code: 'model.missing' });
    expect(heard).toEqual({ changes: 0, gone: [] });
  });

  it('go to the trash and come back whole; after thirty days, or by the person’s word, they are gone', async () => {
    const { kept, open, own, later, heard } = await shelf();
    const [one, two] = [await kept.duplicate('tiny-live', 'One'), await kept.duplicate('tiny-live', 'Two')];
    const before = await fs.readdir(join(own, one));
    await kept.delete(one);
    await kept.delete(two);
    expect(heard.gone).toEqual([one, two]);
    const trashed = await kept.all();
    expect(idsOf(trashed.models)).toEqual(['tiny-live', 'tiny-whole']);
    expect(trashed.deleted).toHaveLength(2);
    expect(trashed.deleted[0]!.deletedAt).toBe('2026-06-01T00:00:00.000Z');
    await kept.restore(one);
    expect(await fs.readdir(join(own, one))).toEqual(before);
    await expect(kept.restore(one)).rejects.toMatchObject({ code: 'model.missing' });
    await kept.delete(one);
    await kept.erase(one);
    expect(idsOf((await kept.all()).deleted)).toEqual([two]);
    later(29);
    expect(idsOf((await (await open()).all()).deleted)).toEqual([two]);
    later(2);
    expect((await (await open()).all()).deleted).toEqual([]);
  });

  it('come in from elsewhere under their own id, or a new one where it is taken; nothing else comes along', async () => {
    const { kept, own } = await shelf();
    const elsewhere = await temporaryFolder();
    await writeTinyAssets(elsewhere);
    const folder = join(elsewhere, 'models', 'tiny-live');
    await fs.writeFile(join(folder, 'notes.sh'), 'rm -rf');
    const manifest = JSON.parse(await fs.readFile(join(folder, 'model.json'), 'utf8')) as { id: string };
    expect(await kept.add(folder)).not.toBe('tiny-live');
    await fs.writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest, id: 'brought' }));
    expect(await kept.add(folder)).toBe('brought');
    expect((await fs.readdir(join(own, 'brought'))).sort()).toEqual(['model.json', 'weights.safetensors']);
  });

  it('that are damaged do not come in, and leave nothing behind', async () => {
    const { kept, own } = await shelf();
    const elsewhere = await temporaryFolder();
    await writeTinyAssets(elsewhere);
    const folder = join(elsewhere, 'models', 'tiny-live');
    await fs.truncate(join(folder, 'weights.safetensors'), 200);
    await expect(kept.add(folder)).rejects.toMatchObject({ code: 'model.invalid' });
    await expect(kept.add(elsewhere)).rejects.toMatchObject({ code: 'model.missing' });
    await expect(fs.readdir(own)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

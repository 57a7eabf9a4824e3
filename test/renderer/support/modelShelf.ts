// Models that answer as the engine does: renamed, copied, thrown away and brought back in memory.
import type { ModelSummary } from '../../../app/contract/messages';
import type { KeptModel } from '../../../app/contract/models';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';

export const keptModel = (
  { id, name, isStreaming, card }: ModelSummary,
  differs: Partial<KeptModel> = {},
): KeptModel => ({
  ...{ id, name, isStreaming, card },
  kind: 'text',
  isBundled: true,
  hasLanguage: false,
  byteLength: 840_000,
  classes: 15,
  layers: [{ cell: 'lstm', units: 128, direction: isStreaming ? 'forward' : 'bidirectional' }],
  run: null,
  deletedAt: null,
  ...differs,
});

/** Puts these models on the shelf of a window. */
export function keepModels(bridge: MockBridge, models: readonly KeptModel[]): void {
  const kept = new Map(models.map((model) => [model.id, model]));
  const trash = new Map<string, KeptModel>();
  const move = (
    id: string,
    from: Map<string, KeptModel>,
    to: Map<string, KeptModel>,
    deletedAt: string | null,
  ): void => {
    const model = from.get(id);
    if (model === undefined) throw new Error(`Expected a model ${id}`);
    from.delete(id);
    to.set(id, { ...model, deletedAt });
    bridge.emit('models.changed', {});
  };
  const put = (model: KeptModel): void => {
    kept.set(model.id, model);
    bridge.emit('models.changed', {});
  };
  const get = (id: string): KeptModel => kept.get(id)!;
  bridge.answer('models.kept', () => ({ models: [...kept.values()], deleted: [...trash.values()], refused: [] }));
  bridge.answer('models.rename', ({ modelId, name }) => {
    put({ ...get(modelId), name: { en: name, zh: name } });
    return {};
  });
  bridge.answer('models.sign', ({ modelId, author }) => {
    const { author: _before, ...card } = get(modelId).card;
    put({ ...get(modelId), card: author === '' ? card : { ...card, author } });
    return {};
  });
  bridge.answer('models.duplicate', ({ modelId, name }) => {
    put({ ...get(modelId), id: `${modelId}-copy`, name: { en: name, zh: name }, isBundled: false });
    return { modelId: `${modelId}-copy` };
  });
  bridge.answer('models.delete', ({ modelId }) => {
    move(modelId, kept, trash, '2026-06-01T12:00:00.000Z');
    return {};
  });
  bridge.answer('models.restore', ({ modelId }) => {
    move(modelId, trash, kept, null);
    return {};
  });
  bridge.answer('models.erase', ({ modelId }) => {
    trash.delete(modelId);
    bridge.emit('models.changed', {});
    return {};
  });
}

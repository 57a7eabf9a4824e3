// unroll models
import { isStreaming } from '../../app/contract/model';
import { listModels } from '../library/modelFiles';
import { readDefaultModels } from '../library/modelShelf';
import { modelsFolder } from './model';
import { answer, answerJson, percent, say } from './output';

/** Lists the models that come with the product. */
export async function modelsCommand({ json: isJson }: { readonly json?: boolean }): Promise<void> {
  const folder = modelsFolder();
  const [{ models, refused }, defaults] = await Promise.all([listModels([folder]), readDefaultModels(folder)]);
  for (const { error } of refused) say(error.message);
  const listed = models.map(({ dir, manifest }) => ({
    id: manifest.id,
    folder: dir,
    name: manifest.name,
    isDefault: manifest.id === defaults?.default,
    isLiveDefault: manifest.id === defaults?.live,
    isStreaming: isStreaming(manifest),
    card: manifest.card,
  }));
  if (isJson) return answerJson({ models: listed });
  if (listed.length === 0) say(`There are no models in ${folder}.`);
  for (const { id, isDefault, isLiveDefault, isStreaming: streams, card } of listed) {
    const roles = [isDefault ? 'default' : '', isLiveDefault ? 'live' : '', streams ? 'streams' : ''].filter(Boolean);
    answer(`${id}${roles.length > 0 ? ` (${roles.join(', ')})` : ''}: ${card.understands.en}`);
    for (const { set, measure, value } of card.errors) answer(`  ${measure} ${percent(value)}, ${set.en}`);
  }
}

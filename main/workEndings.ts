// What ends each kind of work whose window is gone.
import type { EngineMethodName, RequestOf } from '../app/contract/messages';
import type { WorkKind } from './ownership';

/** A message to the engine with its values. */
export type Ending = { [M in EngineMethodName]: readonly [method: M, body: RequestOf<M>] }[EngineMethodName];

export function endingOf(kind: WorkKind, id: string): Ending {
  switch (kind) {
    case 'upload':
      return ['data.cancelUpload', { uploadId: id }];
    case 'export':
      return ['data.exportClose', { exportId: id }];
    case 'inspection':
      return ['inspection.close', { handle: id }];
    case 'survey':
      return ['inspection.cancelSurvey', { surveyId: id }];
    case 'comparison':
      return ['models.cancelComparison', { comparisonId: id }];
    case 'take':
      return ['data.takeLeave', { takeId: id }];
  }
}

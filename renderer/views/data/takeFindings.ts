// What a take is like, in sentences: loud enough, over the room, and heard as the prompt.
import type { TakeCheck } from '../../../app/contract/dataSets';
import { number } from '../../i18n/format';
import { t } from '../../i18n/messages.svelte';

/** The voice over the room, in dB, from which a recording is clean. */
const CLEAN_DB = 20;
const MINUS = '−';

export interface TakeFinding {
  readonly text: string;
  readonly isGood: boolean;
}

export function takeFindings(check: TakeCheck, prompt: string): TakeFinding[] {
  return [levelFinding(check), ...roomFinding(check), ...heardFinding(check, prompt)];
}

function levelFinding({ peakDb, isClipped, isTooQuiet, hasVoice }: TakeCheck): TakeFinding {
  if (peakDb === null) return { text: t('dataView.finding.silence'), isGood: false };
  const below = Math.abs(peakDb);
  const peak = below < 0.05 ? '0' : `${MINUS}${number(below, below < 1 ? 1 : 0)}`;
  if (isClipped) return { text: t('dataView.finding.clipped', { peak }), isGood: false };
  if (isTooQuiet) return { text: t('dataView.finding.quiet', { peak }), isGood: false };
  if (!hasVoice) return { text: t('dataView.finding.noVoice', { peak }), isGood: false };
  return { text: t('dataView.finding.level', { peak }), isGood: true };
}

function roomFinding({ signalToNoiseDb }: TakeCheck): TakeFinding[] {
  if (signalToNoiseDb === null) return [];
  const isGood = signalToNoiseDb >= CLEAN_DB;
  const key = isGood ? 'dataView.finding.room' : 'dataView.finding.noisy';
  return [{ text: t(key, { level: Math.round(signalToNoiseDb) }), isGood }];
}

function heardFinding({ heard }: TakeCheck, prompt: string): TakeFinding[] {
  if (heard === null) return [];
  if (heard.trim() === '') return [{ text: t('dataView.finding.heardNothing'), isGood: false }];
  const isGood = heard.trim().toLowerCase() === prompt.trim().toLowerCase();
  return [{ text: t(isGood ? 'dataView.finding.heard' : 'dataView.finding.heardOther', { heard }), isGood }];
}

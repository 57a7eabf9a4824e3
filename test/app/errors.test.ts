import { describe, expect, it } from 'vitest';
import chinese from '../../assets/messages/zh/errors.json';
import { errorText, UnrollError } from '../../app/errors';

describe('the sentence of an error', () => {
  const { code, params, message } = new UnrollError('audio.unreadable', {
    file: 'talk.wav',
    reason: 'reason.wav.format',
    format: 'IMA ADPCM',
  });

  it('holds its reason, which is a message of its own', () => {
    expect(message).toBe(
      'talk.wav could not be read as audio. Its samples are stored as IMA ADPCM; PCM, float, A-law and mu-law are read.',
    );
  });

  it('is whole in Chinese too', () => {
    expect(errorText(chinese, code, params)).toBe(
      'talk.wav 无法作为音频读取。它的采样以 IMA ADPCM 存储；可读取 PCM、浮点、A-law 和 mu-law。',
    );
  });

  it('keeps a reason that is no message as it came', () => {
    const { message } = new UnrollError('audio.unreadable', { file: 'a.wav', reason: 'It has no layers.' });
    expect(message).toBe('a.wav could not be read as audio. It has no layers.');
  });

  it('ends with its words where there is no reason', () => {
    expect(new UnrollError('audio.unreadable', { file: 'a.wav', reason: '' }).message).toBe(
      'a.wav could not be read as audio.',
    );
  });

  it('is unknown where the language does not have the code', () => {
    expect(errorText({}, code, params)).toBeUndefined();
  });
});

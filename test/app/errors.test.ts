import { describe, expect, it } from 'vitest';
import chinese from '../../assets/messages/zh/errors.json';
import { errorText, UnrollError } from '../../app/errors';

describe('the sentence of an error', () => {
  const { code, params, message } = new UnrollError('audio.unreadable', {
    file: 'talk.wav',
    reason: 'reason.wav.format',
    format: 'A-law',
  });

  it('holds its reason, which is a message of its own', () => {
    expect(message).toBe(
      'talk.wav could not be read as audio. Its samples are stored as A-law; PCM and float are read.',
    );
  });

  it('is whole in Chinese too', () => {
    expect(errorText(chinese, code, params)).toBe(
      'talk.wav 无法作为音频读取。它的采样以 A-law 存储；只读取 PCM 和浮点。',
    );
  });

  it('keeps a reason that is no message as it came', () => {
    const { message } = new UnrollError('model.invalid', { model: 'mine', reason: 'It has no layers.' });
    expect(message).toBe('The model mine cannot be used. It has no layers.');
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

#!/bin/sh
# Makes test/fixtures/audio/encoded from one recording. Needs sox, flac, lame, vorbis-tools, opus-tools and FFmpeg.
set -eu
cd "$(dirname "$0")/../test/fixtures/audio"
source=asterisk_digits_5.wav
out=encoded
mkdir -p "$out"
flac --silent --force --best --no-padding --no-seektable --output-name "$out/five.flac" "$source"
lame --quiet -b 24 "$source" "$out/five.mp3"
oggenc --quiet --serial 1 --quality 0 --output "$out/five.vorbis.ogg" "$source"
opusenc --quiet --serial 1 --bitrate 24 "$source" "$out/five.opus"
ffmpeg -hide_banner -loglevel error -y -i "$source" -map_metadata -1 -fflags +bitexact -flags:a +bitexact \
  -c:a aac -b:a 24k "$out/five.m4a"
sox "$source" -c 2 -r 44100 -b 24 "$out/five.stereo.wav" trim 0.3 0.05

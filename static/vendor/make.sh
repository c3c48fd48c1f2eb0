#!/bin/sh
# Makes the trimmed Bootstrap and the font subsets again. Needs npm and the portal's virtualenv.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python="$here/../../.venv/bin/python"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save bootstrap@5.3.9 @fontsource/noto-sans@5.3.0 sass@1.108.2

npx sass --no-source-map --style=compressed --quiet-deps \
  --silence-deprecation=import,global-builtin,color-functions,if-function \
  --load-path=node_modules "$here/bootstrap/portal.scss" "$here/bootstrap/bootstrap.min.css"

# Spanish, and the letters of names from French, Portuguese and German; others come from the system's font.
letters="U+0020-007E,U+00A0,U+00A1,U+00AA,U+00AB,U+00B0,U+00B7,U+00BA,U+00BB,U+00BF,U+00C0-00C4"
letters="$letters,U+00C7-00CF,U+00D1-00D7,U+00D9-00DC,U+00E0-00E4,U+00E7-00EF,U+00F1-00F6,U+00F9-00FC"
letters="$letters,U+2013,U+2014,U+2018-201D,U+2022,U+2026,U+2212"
for weight in 400 700; do
  "$python" -m fontTools.subset \
    "node_modules/@fontsource/noto-sans/files/noto-sans-latin-$weight-normal.woff2" \
    --unicodes="$letters" --layout-features="kern" --no-hinting --flavor=woff2 \
    --output-file="$here/../fonts/noto-sans-$weight.woff2"
done

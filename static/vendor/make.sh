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

for weight in 400 700; do
  "$python" -m fontTools.subset \
    "node_modules/@fontsource/noto-sans/files/noto-sans-latin-$weight-normal.woff2" \
    --unicodes="U+0020-007E,U+00A0-00FF,U+2010-2015,U+2018-201E,U+2022,U+2026,U+20AC,U+2212" \
    --layout-features="kern,mark,ccmp,locl,tnum,lnum" --no-hinting --flavor=woff2 \
    --output-file="$here/../fonts/noto-sans-$weight.woff2"
done

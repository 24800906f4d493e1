#!/usr/bin/env bash
# A platform engineer's project: the package from its tarball, six lines, and the whole pipeline comes out of synthesis.
# Usage: cdk-consumer.sh TARBALL CONTRACTS. Works in a temporary folder; needs the package registry for aws-cdk-lib.
set -euo pipefail
tarball=$(realpath "$1")
contracts=$(realpath "$2")
versions=$(node -p "
  const { devDependencies: dev } = require('$(dirname "$(realpath "$0")")/../../package.json');
  ['aws-cdk-lib', 'constructs'].map((name) => name + '@' + dev[name]).join(' ')
")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cp -r "$contracts" schemas
cat > package.json <<'JSON'
{ "name": "platform", "private": true, "type": "module" }
JSON
# shellcheck disable=SC2086
npm install --no-audit --no-fund "$tarball" $versions
cat > app.js <<'JS'
import { App, Stack } from 'aws-cdk-lib';
import { Headgate } from 'headgate/cdk';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Platform');
new Headgate(stack, 'Headgate', { contracts: 'schemas/' });
app.synth();
JS
node app.js
node -e "
  const { readFileSync, readdirSync, existsSync } = require('node:fs');
  const { Resources } = JSON.parse(readFileSync('cdk.out/Platform.template.json', 'utf8'));
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  if (functions.length !== 8) throw new Error('expected 8 functions, found ' + functions.length);
  const assets = readdirSync('cdk.out').filter((name) => name.startsWith('asset.'));
  const whole = assets.filter((name) => existsSync('cdk.out/' + name + '/index.mjs') && existsSync('cdk.out/' + name + '/contracts.json'));
  if (whole.length !== 8) throw new Error('expected 8 bundles with contracts, found ' + whole.length);
  console.log('six lines,', Object.keys(Resources).length, 'resources,', whole.length, 'functions with their contracts');
"

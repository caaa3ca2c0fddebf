// Signs or judges a webhook with the vendors' own functions. Reads one JSON document from FILE, prints one:
//   node sign.mjs retell FILE        {"body","key"}                    -> {"header","value"}
//   node sign.mjs twilio FILE        {"url","fields":{...},"token"}    -> {"header","value"}
//   node sign.mjs twilio-json FILE   {"url","body","token"}            -> {"header","value","url"} (url names the body's hash)
//   node sign.mjs verify-retell FILE {"body","key","value"}            -> {"valid"}
//   node sign.mjs verify-twilio FILE {"url","fields","token","value"}  -> {"valid"}
import { readFileSync } from 'node:fs';
import Retell from 'retell-sdk';
import twilio from 'twilio';
import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

const [mode, file] = process.argv.slice(2);
const given = JSON.parse(readFileSync(file, 'utf8'));

const modes = {
  retell: async () => ({ header: 'x-retell-signature', value: await Retell.sign(given.body, given.key) }),
  twilio: () => ({ header: 'X-Twilio-Signature', value: getExpectedTwilioSignature(given.token, given.url, given.fields) }),
  'twilio-json': () => {
    const url = `${given.url}${given.url.includes('?') ? '&' : '?'}bodySHA256=${getExpectedBodyHash(given.body)}`;
    return { header: 'X-Twilio-Signature', value: getExpectedTwilioSignature(given.token, url, {}), url };
  },
  'verify-retell': async () => ({ valid: await Retell.verify(given.body, given.key, given.value) }),
  'verify-twilio': () => ({ valid: twilio.validateRequest(given.token, given.value, given.url, given.fields) }),
};
if (!modes[mode]) {
  console.error(`There is no ${mode}: ${Object.keys(modes).join(', ')}`);
  process.exit(2);
}
console.log(JSON.stringify(await modes[mode]()));

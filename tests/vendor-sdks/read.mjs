// Reads a simulator with the vendors' own clients: node read.mjs URL FILE. Leaves what they saw in the file as one JSON document.
import { writeFileSync } from 'node:fs';
import { OpenRouter } from '@openrouter/sdk';
import Retell from 'retell-sdk';
import twilio from 'twilio';

const pagesMax = 1000;
const url = process.argv[2];
const credentials = await (await fetch(`${url}/sim/credentials`)).json();

async function retell() {
  const client = new Retell({ apiKey: credentials.retell.apiKey, baseURL: `${url}/retell` });
  const calls = [];
  let key;
  for (let pages = 0; pages < pagesMax; pages++) {
    const page = await client.call.list({ limit: 17, sort_order: 'ascending', ...(key ? { pagination_key: key } : {}) });
    calls.push(...page.items);
    key = page.pagination_key;
    if (!page.has_more) break;
  }
  const ended = await client.call.list({ filter_criteria: { call_status: { type: 'enum', op: 'in', value: ['ended'] } }, limit: 1000 });
  const first = await client.call.retrieve(calls[0].call_id);
  return {
    calls: calls.map((call) => ({ id: call.call_id, products: call.call_cost.product_costs })),
    ended: ended.items.length,
    transcript: first.transcript ?? null,
  };
}

function checkTimes(records, ...names) {
  for (const record of records)
    for (const name of names)
      if (!(record[name] instanceof Date) || Number.isNaN(record[name].getTime())) throw new Error(`${record.sid}.${name} is no time`);
}

async function twilioAccount({ accountSid, authToken }) {
  const client = twilio(accountSid, authToken);
  client.api.baseUrl = `${url}/twilio`;
  const messages = await client.messages.list({ pageSize: 7 });
  const calls = await client.calls.list({ pageSize: 7 });
  checkTimes(messages, 'dateSent', 'dateCreated', 'dateUpdated');
  checkTimes(calls, 'startTime', 'endTime');
  const half = messages[Math.floor(messages.length / 2)].dateSent;
  const records = await client.usage.records.list({ pageSize: 5, includeSubaccounts: false });
  const daily = await client.usage.records.daily.list({ category: 'totalprice', pageSize: 5, includeSubaccounts: false });
  const one = await client.messages(messages[0].sid).fetch();
  const call = await client.calls(calls[0].sid).fetch();
  return {
    sid: accountSid,
    messages: messages.map(({ sid, price, numSegments }) => ({ sid, price, numSegments })),
    calls: calls.map(({ sid, price, duration }) => ({ sid, price, duration })),
    since: (await client.messages.list({ dateSentAfter: half, pageSize: 7 })).length,
    expectedSince: messages.filter((message) => message.dateSent >= half).length,
    records: records.map(({ category, price }) => ({ category, price: String(price) })),
    dailyTotal: daily.map(({ price }) => String(price)),
    fetched: [one.sid === messages[0].sid, call.sid === calls[0].sid],
  };
}

async function openrouter() {
  const client = new OpenRouter({ apiKey: credentials.openrouter.managementKey, serverURL: `${url}/openrouter/api/v1` });
  const truth = await (await fetch(`${url}/sim/truth?provider=openrouter`)).json();
  const generations = [];
  if (truth.length > 5000) throw new Error(`${truth.length} generations are more than are asked for one by one`);
  const ask = async ({ nativeId }) => {
    const { data } = await client.generations.getGeneration({ id: nativeId });
    return { id: data.id, cost: data.totalCost, prompt: data.nativeTokensPrompt };
  };
  for (let at = 0; at < truth.length; at += 8) generations.push(...await Promise.all(truth.slice(at, at + 8).map(ask)));
  const own = new OpenRouter({ apiKey: credentials.openrouterKeys[0].secret, serverURL: `${url}/openrouter/api/v1` });
  return {
    generations,
    activity: (await client.analytics.getUserActivity()).data.length,
    ofKey: (await client.analytics.getUserActivity({ apiKeyHash: credentials.openrouterKeys[0].hash })).data.length,
    totalUsage: (await client.credits.getCredits()).data.totalUsage,
    keys: (await client.apiKeys.list()).data.map(({ hash }) => hash),
    ownLabel: (await own.apiKeys.getCurrentKeyMetadata()).data.label,
  };
}

try {
  const accounts = [];
  for (const account of credentials.twilio) accounts.push(await twilioAccount(account));
  writeFileSync(process.argv[3], JSON.stringify({ retell: await retell(), twilio: accounts, openrouter: await openrouter() }));
} catch (failure) {
  // What an SDK throws holds whole connections; its reason is what a person needs.
  console.error(failure.stack, JSON.stringify(failure.cause?.issues ?? failure.cause?.message));
  process.exitCode = 1;
}

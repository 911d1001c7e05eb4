// Loads a list into two engines and tells for each request whether it is blocked. In: {list, requests: [{url, type, source}]}. Out: {engine: [bool]}.
import { readFileSync } from 'node:fs';
import { FiltersEngine, Request } from '@ghostery/adblocker';
import { StaticNetFilteringEngine } from '@gorhill/ubo-core';

const { list, requests } = JSON.parse(readFileSync(0, 'utf8'));

const ghostery = FiltersEngine.parse(list);
const ublock = await StaticNetFilteringEngine.create();
await ublock.useLists([{ name: 'flagstone', raw: list }]);

console.log(JSON.stringify({
  ghostery: requests.map(({ url, type, source }) => ghostery.match(Request.fromRawDetails({ url, type, sourceUrl: source })).match),
  // 1 is blocked, 2 is an exception.
  ublock: requests.map(({ url, type, source }) => ublock.matchRequest({ url, type, originURL: source }) === 1),
}));

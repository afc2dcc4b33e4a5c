// What the server wrote into the page: its version and the hosts of its configuration.

import type { ClipboardRule } from './clipboard_wish';

export interface Preset {
  name: string;
  host: string;
  port: number;
  username: string;
  identity: boolean; // the gateway has the key: nothing is asked
  clipboard: ClipboardRule; // what the host may do with it
}
export interface Boot {
  version: string;
  presets: Preset[];
}

export function read_boot(json: string): Boot {
  let parsed: { version?: unknown; presets?: unknown };
  try {
    parsed = (JSON.parse(json) ?? {}) as typeof parsed;
  } catch {
    parsed = {};
  }
  const presets = Array.isArray(parsed.presets) ? (parsed.presets as Partial<Preset>[]) : [];
  return {
    version: typeof parsed.version === 'string' ? parsed.version : '',
    presets: presets.flatMap((preset) =>
      typeof preset?.name === 'string'
        ? [{
            name: preset.name, host: preset.host ?? '', port: preset.port ?? 22, username: preset.username ?? '',
            identity: preset.identity === true,
            clipboard: preset.clipboard === 'allow' || preset.clipboard === 'never' ? preset.clipboard : 'ask',
          }]
        : []),
  };
}

// What was agreed on with the host, as lines of the menu.
export const kAlgorithms = ['kex', 'hostkey', 'cipher_in', 'cipher_out', 'mac_in', 'mac_out'] as const;
export type AlgorithmName = (typeof kAlgorithms)[number];

// These ciphers authenticate what they encrypt: the MAC that was negotiated beside one is not used (RFC 5647, section 5.1, and
// OpenSSH's PROTOCOL and PROTOCOL.chacha20poly1305).
const kAuthenticated = /^(aes\d+-gcm|chacha20-poly1305)@openssh\.com$|^AEAD_/;

export function mac_is_implicit(name: AlgorithmName, algorithms: Readonly<Record<string, string>>): boolean {
  const cipher = name === 'mac_in' ? algorithms['cipher_in'] : name === 'mac_out' ? algorithms['cipher_out'] : undefined;
  return cipher !== undefined && kAuthenticated.test(cipher);
}

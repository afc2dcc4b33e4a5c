// A private key that somebody chose, dropped or pasted: what can be said about it before it is sent.

export const kMaxKeyBytes = 32 * 1024; // an RSA key of 16384 bits has 13 KB

export type KeyFinding =
  | 'ok'
  | 'encrypted' // needs its passphrase
  | 'public-half' // id_ed25519.pub
  | 'certificate' // id_ed25519-cert.pub
  | 'putty' // .ppk
  | 'empty'
  | 'too-large'
  | 'not-a-key';

const kPublicLine = /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+)(-cert-v01@openssh\.com)?\s+[A-Za-z0-9+/]/;
const kPrivate = /-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----([\s\S]*?)-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

export function examine_key(text: string): KeyFinding {
  const key = text.trim();
  if (key === '') return 'empty';
  if (new TextEncoder().encode(key).length > kMaxKeyBytes) return 'too-large';
  const match = kPrivate.exec(key);
  if (match) return is_encrypted(match[1] ?? '', match[2] ?? '') ? 'encrypted' : 'ok';
  if (/-cert-v01@openssh\.com\s/.test(key.slice(0, 100))) return 'certificate';
  if (kPublicLine.test(key) || key.includes('BEGIN PUBLIC KEY') || key.includes('BEGIN SSH2 PUBLIC KEY')) return 'public-half';
  if (key.startsWith('PuTTY-User-Key-File')) return 'putty';
  return 'not-a-key';
}

// PKCS#8 says it in the label, old PEM in a header, OpenSSH's own format in the cipher name after its magic
// (PROTOCOL.key: "openssh-key-v1\0", then a string that is "none" for a key in the clear).
function is_encrypted(label: string, body: string): boolean {
  if (label.includes('ENCRYPTED') || /Proc-Type:.*ENCRYPTED/.test(body)) return true;
  if (!label.includes('OPENSSH')) return false;
  let bytes: string;
  try {
    bytes = atob(body.replace(/\s+/g, '').slice(0, 64));
  } catch {
    return false; // the server will say what is wrong with it
  }
  return bytes.startsWith('openssh-key-v1\0') && bytes.slice(15, 23) !== '\0\0\0\x04none';
}

// The text of a chosen file. What is far too large is not even read.
export async function read_key_file(file: Blob): Promise<{ text: string; finding: KeyFinding }> {
  if (file.size > kMaxKeyBytes) return { text: '', finding: 'too-large' };
  const text = await file.text();
  return { text, finding: examine_key(text) };
}

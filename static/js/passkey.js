// Passkeys: asks the server what to sign, lets the browser sign it, and sends the form with the answer.
// Without this script, or where the browser knows no passkeys, the forms stay hidden.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const known = list => (list ?? []).map(one => ({ ...one, id: bytes(one.id) }));

async function ask(form) {
  const body = new FormData();
  body.set('csrf_token', form.elements.csrf_token.value);
  if ('adding' in form.dataset) body.set('viec', 'them');
  const answer = await fetch(form.dataset.question, { method: 'POST', body });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function sign(form) {
  const asked = await ask(form), challenge = bytes(asked.challenge);
  if (!('adding' in form.dataset)) return navigator.credentials.get({ publicKey: { ...asked, challenge, allowCredentials: known(asked.allowCredentials) } });
  const user = { ...asked.user, id: bytes(asked.user.id) };
  return navigator.credentials.create({ publicKey: { ...asked, challenge, user, excludeCredentials: known(asked.excludeCredentials) } });
}

function written({ id, rawId, type, response }) {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const sent = parts.filter(part => response[part]).map(part => [part, text(response[part])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(sent) });
}

if (window.PublicKeyCredential) for (const form of document.querySelectorAll('form[data-question]')) {
  const failed = form.querySelector('[data-failed]');
  form.hidden = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.tra_loi.value = written(await sign(form));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}

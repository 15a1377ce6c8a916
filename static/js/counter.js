// Buttons that count sheets up and down, and the reason that opens when too few are counted.
// Without this script the buttons stay hidden and the number is typed.
for (const button of document.querySelectorAll('[data-step]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const count = button.parentElement.querySelector('input');
    const next = Number(count.value) + Number(button.dataset.step);
    count.value = Math.min(Number(count.max), Math.max(Number(count.min), next));
    count.dispatchEvent(new Event('change', { bubbles: true }));
  });
}
document.addEventListener('change', ({ target }) => {
  if (!target.dataset.need) return;
  const paper = target.closest('.pc'), isShort = target.value !== '' && Number(target.value) < Number(target.dataset.need);
  paper.classList.toggle('short', isShort);
  const reason = paper.querySelector('.why-short');
  if (reason) reason.open = isShort;
});

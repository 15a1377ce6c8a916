// Buttons that count sheets up and down. Without this script they stay hidden and the number is typed.
for (const button of document.querySelectorAll('[data-step]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const count = button.parentElement.querySelector('input');
    const next = Number(count.value) + Number(button.dataset.step);
    count.value = Math.min(Number(count.max), Math.max(Number(count.min), next));
    count.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

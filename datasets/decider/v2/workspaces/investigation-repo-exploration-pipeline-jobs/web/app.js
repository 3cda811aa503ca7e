export const start = (root) => { root.textContent = "orrery"; };

try { document.documentElement.dataset.theme = localStorage.getItem("muster.theme") || "auto"; } catch { /* no storage: the system's colours */ }

/* Search without a server. A page opened from a folder (file:) may not start a worker; this runs the same script in a
   hidden frame instead, and passes messages to and fro. Elsewhere it does nothing. */
(function () {
  "use strict";
  if (location.protocol !== "file:") return;

  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      const whole = new URL(address, location.href);
      this.onmessage = null;
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.setAttribute("aria-hidden", "true");
      this.ready = new Promise((resolve, reject) => {
        document.documentElement.appendChild(this.frame);
        const inner = this.frame.contentWindow;
        const load = (url) =>
          new Promise((loaded, failed) => {
            const script = inner.document.createElement("script");
            script.src = new URL(url, whole).href;
            script.onload = loaded;
            script.onerror = failed;
            inner.document.body.appendChild(script);
          });
        inner.postMessage = (data) => this.tell(data);
        inner.importScripts = (...urls) => urls.reduce((before, url) => before.then(() => load(url)), Promise.resolve());
        load(whole).then(() => resolve(inner), reject);
      });
    }

    tell(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      if (this.onmessage) this.onmessage(event);
    }

    postMessage(data) {
      this.ready.then((inner) => inner.dispatchEvent(new inner.MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  }

  window.Worker = FrameWorker;
})();

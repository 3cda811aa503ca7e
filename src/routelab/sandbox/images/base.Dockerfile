# What all agents' images share. The container has no network: forward.py is its first process and the only way out.
ARG DEBIAN
FROM ${DEBIAN}
RUN echo 'agent:x:1000:1000:agent:/lane/home:/bin/bash' >> /etc/passwd \
 && echo 'agent:x:1000:' >> /etc/group \
 && mkdir -p /lane /run/routelab /opt/agent/bin \
 && python3 -m compileall -q /usr/lib/python3.11
COPY forward.py /opt/routelab/forward.py
# May be executed, not read: no process of the agent can look into the shell that watches over it.
RUN install -m 0711 /bin/dash /opt/routelab/sh
ENV PATH=/opt/agent/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8
USER agent
ENTRYPOINT ["/usr/bin/python3", "-IB", "/opt/routelab/forward.py"]

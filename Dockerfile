# A fake Aircall in 28 MB: one static binary, no shell, not root.
#   docker build -t aircallkit . && docker run --rm -p 127.0.0.1:8787:8787 aircallkit
FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/aircallkit ./cmd/aircallkit && mkdir /out/data

FROM scratch
# For live targets, and for webhook receivers with https.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/aircallkit /aircallkit
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# Persistent files, such as the certificate authority of --tls, are in /data.
ENV HOME=/data XDG_CONFIG_HOME=/data
WORKDIR /data
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/aircallkit", "health", "--target", "http://127.0.0.1:8787"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/aircallkit"]
CMD ["serve", "--addr", "0.0.0.0:8787"]

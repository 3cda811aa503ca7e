export GIT_AUTHOR_NAME="Dev One" GIT_AUTHOR_EMAIL=dev.one@example.invalid GIT_COMMITTER_NAME="Dev One" GIT_COMMITTER_EMAIL=dev.one@example.invalid
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_DATE='1893450000 +0000' GIT_COMMITTER_DATE='1893450000 +0000'
git init -q -b main
git config user.name 'Dev One'
git config user.email dev.one@example.invalid
printf '/patches/\n/QUEUE.*\n__pycache__/\n' >> .git/info/exclude
git add -A
git commit -q -m Start

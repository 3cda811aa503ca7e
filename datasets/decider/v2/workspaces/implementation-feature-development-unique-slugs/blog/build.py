"""From posts to pages."""
from blog.slugs import slugify


def build(posts):
    """Pages by address, for posts in any order; the index at "/" lists them, the newest first."""
    pages = {}
    for post in posts:
        pages[f"/{post.slug or slugify(post.title)}/"] = f"<h1>{post.title}</h1>\n{post.body}"
    newest = sorted(posts, key=lambda p: p.day, reverse=True)
    pages["/"] = "\n".join(f'<a href="/{p.slug or slugify(p.title)}/">{p.title}</a>' for p in newest)
    return pages
